import type { Command } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import type { Run } from './run-action.js';

/** `cw doctor`: is everything as it must be? */
export function addDoctorCommand(program: Command, run: Run): void {
  const doctor = program
    .command('doctor')
    .description('check everything and say what to do; exits 1 if something is wrong')
    .action(
      run(async (context, options: JsonOption) => (await import('./doctor/run-doctor.js')).runDoctor(context, options)),
    );
  withExample(withJson(doctor), 'cw doctor');
}
