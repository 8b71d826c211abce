import type { Command } from 'commander';
import type { DoctorOptions } from './doctor/run-doctor.js';
import { withExample, withJson } from './help.js';
import type { Run } from './run-action.js';

/** `cw doctor`: is everything as it must be? */
export function addDoctorCommand(program: Command, run: Run): void {
  const doctor = program
    .command('doctor')
    .description('check everything and say what to do; exits 1 if something is wrong')
    .option(
      '--probe [profile...]',
      'also let each agent that was found, or these, take one turn with a scripted model, and compare what it says',
    )
    .action(
      run(async (context, options: DoctorOptions) =>
        (await import('./doctor/run-doctor.js')).runDoctor(context, options),
      ),
    );
  withExample(withJson(doctor), 'cw doctor', 'cw doctor --probe', 'cw doctor --probe claude codex');
}
