import type { Service } from './service.js';

type Node = Pick<Service, 'name' | 'needs' | 'critical'>;

/** These services cannot be started in any order. A bug of whoever put them together, in one sentence. */
class ServiceGraphError extends Error {
  override readonly name = 'ServiceGraphError';
}

/** Throws a ServiceGraphError unless every need can be met: it is there, not in a circle, and as critical as who needs it. */
export function checkGraph(services: readonly Node[]): void {
  const byName = new Map<string, Node>();
  for (const service of services) {
    if (byName.has(service.name)) throw new ServiceGraphError(`There are two services ${service.name}.`);
    byName.set(service.name, service);
  }
  const checked = new Set<string>();
  for (const service of services) visit(service, []);

  function visit(service: Node, path: readonly string[]): void {
    const way = [...path, service.name];
    const arrows = (names: readonly string[]) => names.join(' → ');
    if (path.includes(service.name)) {
      throw new ServiceGraphError(`Services need each other: ${arrows(way.slice(path.indexOf(service.name)))}.`);
    }
    if (checked.has(service.name)) return;
    for (const name of service.needs) {
      const need = byName.get(name);
      if (need === undefined) throw new ServiceGraphError(`There is no service ${name}: ${arrows([...way, name])}.`);
      if (service.critical && !need.critical) {
        throw new ServiceGraphError(`A critical service needs one that is not: ${arrows([...way, name])}.`);
      }
      visit(need, way);
    }
    checked.add(service.name);
  }
}
