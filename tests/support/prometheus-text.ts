const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const HELP = new RegExp(`^# HELP (${NAME}) (\\S.*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge)$`);
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(\\{${LABEL}(?:,${LABEL})*\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)$`);
/** What a name may end with to say its unit; a counter ends with `_total`. */
const FOREIGN_UNIT = /_(ms|milliseconds|minutes|kb|mb|kilobytes|megabytes|percent)(_total)?$/;

/**
 * Reads Prometheus' text format (0.0.4) as strictly as a scraper may: each name once, with HELP, TYPE and then its
 * samples together; no sample twice; base units. Gives the samples by name and labels as they stand there.
 */
export function parsePrometheusText(text: string): Map<string, number> {
  if (!text.endsWith('\n')) throw new Error('The text does not end with a line feed.');
  const samples = new Map<string, number>();
  const seen = new Set<string>();
  let helped = '';
  let open: { readonly name: string; readonly type: string } | undefined;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [help, type, sample] = [HELP.exec(line), TYPE.exec(line), SAMPLE.exec(line)];
    if (help !== null) {
      [, helped = ''] = help;
      if (seen.has(helped)) throw new Error(`${helped} is there twice.`);
      seen.add(helped);
      open = undefined;
    } else if (type !== null) {
      const [, name = '', kind = ''] = type;
      if (name !== helped) throw new Error(`The type of ${name} follows no help of its own.`);
      if ((kind === 'counter') !== name.endsWith('_total')) throw new Error(`${name} is no name for a ${kind}.`);
      if (FOREIGN_UNIT.test(name)) throw new Error(`${name} is not in a base unit.`);
      open = { name, type: kind };
    } else if (sample !== null) {
      const [, name = '', labels = '', value = ''] = sample;
      if (name !== open?.name) throw new Error(`A sample of ${name} does not stand below its type.`);
      if (samples.has(name + labels)) throw new Error(`${name}${labels} is there twice.`);
      if (open.type === 'counter' && Number(value) < 0) throw new Error(`${name} is a counter below zero.`);
      samples.set(name + labels, Number(value));
    } else throw new Error(`This line is none of the format: ${line}`);
  }
  return samples;
}
