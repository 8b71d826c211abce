import { isOurCall } from './hook-call.js';
import { isObject, notAn, removeAt, setAt, valueAt } from './json-text.js';

/** A handler of ours, and where it stands: `hooks.<event>[group].hooks[index]`. All agents with hooks use this shape. */
interface Found {
  readonly event: string;
  readonly group: number;
  readonly index: number;
}

/**
 * Has the document hold exactly these handlers of ours, one for each event named; none for an empty `wanted`. Those of
 * others stay, in their groups and in their order.
 */
export function setHooks(text: string, file: string, wanted: Readonly<Record<string, object>>): string {
  checkShape(text, file, Object.keys(wanted));
  let changed = text;
  const kept = new Set<string>();
  // Backwards, so that what is removed moves nothing that is still to be looked at.
  for (const found of findOurs(text).reverse()) {
    const { event, group, index } = found;
    const handler = wanted[event];
    if (handler === undefined || kept.has(event)) changed = removeHandler(changed, found);
    else {
      // Field by field: whatever else the user has added to it stays.
      for (const [key, value] of Object.entries(handler)) {
        changed = setAt(changed, ['hooks', event, group, 'hooks', index, key], value);
      }
      kept.add(event);
    }
  }
  for (const [event, handler] of Object.entries(wanted)) {
    if (!kept.has(event)) changed = setAt(changed, ['hooks', event, -1], { hooks: [handler] });
  }
  return changed;
}

function checkShape(text: string, file: string, events: readonly string[]): void {
  const hooks = valueAt(text, ['hooks']);
  if (hooks === undefined) return;
  if (!isObject(hooks)) throw notAn('object', '"hooks"', file);
  for (const event of events) {
    if (hooks[event] !== undefined && !Array.isArray(hooks[event])) throw notAn('list', `"hooks.${event}"`, file);
  }
}

function findOurs(text: string): Found[] {
  const hooks = valueAt(text, ['hooks']);
  if (!isObject(hooks)) return [];
  return Object.entries(hooks).flatMap(([event, groups]) =>
    listOf(groups).flatMap((group, at) =>
      handlersOf(group).flatMap((handler, index) =>
        isObject(handler) && isOurCall(handler['command']) ? [{ event, group: at, index }] : [],
      ),
    ),
  );
}

/** Removes a handler together with what would be left empty around it. */
function removeHandler(text: string, { event, group, index }: Found): string {
  const hooks = valueAt(text, ['hooks']) as Readonly<Record<string, unknown>>;
  const groups = listOf(hooks[event]);
  if (handlersOf(groups[group]).length > 1) return removeAt(text, ['hooks', event, group, 'hooks', index]);
  if (groups.length > 1) return removeAt(text, ['hooks', event, group]);
  if (Object.keys(hooks).length > 1) return removeAt(text, ['hooks', event]);
  return removeAt(text, ['hooks']);
}

function handlersOf(group: unknown): readonly unknown[] {
  return isObject(group) ? listOf(group['hooks']) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
