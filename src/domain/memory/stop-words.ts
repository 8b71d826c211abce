/** Words that say what kind of sentence it is and not what it is about. As they are written, not as stems. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about after again all also am an and any are as at be been before being both but by can could did do does doing ' +
    'don done down each ever few for from further get got had has have having he her here hers him his how i if in ' +
    'into is it its just ll ll ve re let me might more most must my no nor not now of off on once only or other our ' +
    'ours out over own s same shall she should so some such t than that the their them then there these they this ' +
    'those through to too under until up us very was we were what when where which while who whom whose why will ' +
    'with would you your yours d m o isn aren wasn weren doesn didn hasn haven couldn wouldn shouldn won'
  ).split(' '),
);
