/** What a transition decides: the state to save and the facts to append, in one transaction. */
export interface Change<State, Fact> {
  readonly state: State;
  readonly events: readonly Fact[];
}
