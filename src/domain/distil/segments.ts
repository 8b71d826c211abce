import type {
  Action,
  CallAction,
  CommandAction,
  DecisionAction,
  DelegateAction,
  EditAction,
  LookAction,
} from './action.js';

/** Neighbouring actions with one aim: looking, changing, checking, keeping. */
export interface Segment {
  readonly actions: readonly (CommandAction | EditAction | LookAction | CallAction)[];
}

/** What tells for itself: an installation, a choice, what another agent did. */
type Lone = CommandAction | DecisionAction | DelegateAction;

/**
 * Cuts a turn's actions into segments. One ends with a commit, and when tests pass after an edit; then whatever is not
 * another check begins the next. Installations, choices and delegated work stand for themselves and end none.
 */
export function segmentsOf(actions: readonly Action[]): (Segment | Lone)[] {
  const parts: (Segment | Lone)[] = [];
  let open: { actions: Segment['actions'][number][] } | undefined;
  let hasEdits = false;
  let hasPassed = false;
  for (const action of actions) {
    if (action.kind === 'decision' || action.kind === 'delegate' || isInstall(action)) {
      parts.push(action);
      continue;
    }
    if (open === undefined || (hasPassed && !isCheck(action) && !isCommit(action))) {
      open = { actions: [] };
      parts.push(open);
      hasEdits = false;
      hasPassed = false;
    }
    open.actions.push(action);
    if (action.kind === 'edit') hasEdits = true;
    if (hasEdits && isCommand(action) && action.purpose === 'test') hasPassed = !action.failed;
    if (isCommit(action)) open = undefined;
  }
  return parts;
}

export function isCommand(action: Action): action is CommandAction {
  return action.kind === 'command';
}

export function isInstall(action: Action): action is CommandAction & { purpose: 'install' } {
  return action.kind === 'command' && action.purpose === 'install';
}

export function isCommit(action: Action): action is CommandAction & { subject: string } {
  return action.kind === 'command' && action.subject !== null && /^git (?:.* )?commit\b/u.test(action.label);
}

function isCheck(action: Action): boolean {
  return (
    isCommand(action) &&
    (action.purpose === 'test' || action.purpose === 'lint' || action.purpose === 'build' || action.purpose === 'step')
  );
}
