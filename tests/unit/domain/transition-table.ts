import { expect, it } from 'vitest';
import type { z } from 'zod';
import { Event } from '../../../src/domain/event/event.js';
import type { Change } from '../../../src/domain/shared/change.js';
import { DomainError } from '../../../src/domain/shared/domain-error.js';

/** The names of the functions that a module exports: a new one is a new row that must be decided. */
export type FunctionsOf<Module> = {
  [Name in keyof Module]: Module[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof Module];

/** For every transition and every state what comes of it. It does not compile until every cell is decided. */
export type TransitionTable<Transition extends PropertyKey, Status extends string> = Record<
  Transition,
  Record<Status, Status | 'refused'>
>;

/** Checks every cell: the state that comes of it is one that the schema knows, whole and with nothing else in it. */
export function itFollows<Transition extends string, Status extends string, State extends { status: Status }>(
  table: TransitionTable<Transition, Status>,
  {
    samples,
    apply,
    schema,
  }: {
    readonly samples: { readonly [S in Status]: State & { status: S } };
    readonly apply: Record<Transition, (state: State) => Change<State, object>>;
    readonly schema: z.ZodType<State>;
  },
): void {
  for (const [transition, row] of Object.entries(table) as [Transition, Record<Status, Status | 'refused'>][]) {
    for (const [from, to] of Object.entries(row) as [Status, Status | 'refused'][]) {
      const sample: State = samples[from];
      it(`${transition} of what is ${from}: ${to}`, () => {
        expect(schema.parse(sample)).toEqual(sample);
        const before = structuredClone(sample);
        if (to === 'refused') {
          expect(() => apply[transition](sample)).toThrow(DomainError);
          expect(() => apply[transition](sample)).toThrow(
            new RegExp(`^Cannot .*(it is ${from}|it is \\w+ already)\\.$`),
          );
        } else {
          const { state, events } = apply[transition](sample);
          expect(state.status).toBe(to);
          expectWhole(schema, state, events);
        }
        expect(sample).toEqual(before);
      });
    }
  }
}

/** Expects a state and events that their schemas know, with nothing left out and nothing added. */
export function expectWhole<State>(schema: z.ZodType<State>, state: State, events: readonly object[]): void {
  expect(schema.parse(state)).toEqual(state);
  for (const [index, fact] of events.entries()) {
    const event = { position: index + 1, ...fact };
    expect(Event.parse(event)).toEqual(event);
  }
}
