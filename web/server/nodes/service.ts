// The swarm's nodes: listed truthfully, changed with care, joined by tokens that are good for one hour and one node.
import type { z } from 'zod';
import type { AuditOutcome } from '../../../core/contracts/audit.ts';
import type { joinToken, NodeView, nodeChange, nodeList } from '../../../core/contracts/nodes.ts';
import type { Act, OpenedAct } from '../audit/log.ts';
import type { Node, NodeSpec } from '../engine/objects.ts';
import type { EnginePort } from '../engine/port.ts';
import { told, toldOrMissing } from '../observed/told.ts';
import { UserError } from '../user-error.ts';
import { type NodeRefusal, refuseAvailability, refuseRemoval, refuseRole } from './policy.ts';
import type { JoinOffer, JoinOffers } from './table.ts';
import { toNodeView } from './view.ts';

export interface NodePorts {
  engine: EnginePort;
  offers: JoinOffers;
  volumesOn(node: string): string[];
  audit: {
    open(act: Act): Promise<OpenedAct>;
    close(act: OpenedAct, outcome: AuditOutcome, detail?: Act['detail']): Promise<void>;
  };
  unixSeconds(): number;
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

type Change = z.infer<typeof nodeChange>;
type JoinToken = z.infer<typeof joinToken>;

const offerSeconds = 3_600;
const offersEverySeconds = 5;
const updateTries = 5;

export class NodeService {
  readonly #ports: NodePorts;

  constructor(ports: NodePorts) {
    this.#ports = ports;
  }

  async list(): Promise<z.infer<typeof nodeList>> {
    const { engine, volumesOn } = this.#ports;
    const { Swarm } = told(await engine.info());
    if (Swarm?.LocalNodeState !== 'active') return { swarm: 'none', items: [] };
    const nodes = told(await engine.nodes.list());
    const tasks = await engine.tasks.list({ 'desired-state': ['running'] });
    const facts = { tasks: tasks.ok ? tasks.value : undefined, localNode: Swarm.NodeID, volumesOn };
    const items = nodes.map((node) => toNodeView(node, facts));
    return { swarm: 'active', items: items.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })) };
  }

  async change(id: string, { availability, labels, despiteVolumes }: Change): Promise<NodeView> {
    const { node, nodes } = await this.#find(id);
    if (availability !== undefined) refuse(refuseAvailability(node, nodes, availability, despiteVolumes));
    await this.#update(id, (spec) => ({
      ...spec,
      ...(availability !== undefined && { Availability: availability }),
      ...(labels !== undefined && { Labels: labels }),
    }));
    return (await this.#find(id)).node;
  }

  async setRole(id: string, role: NodeView['role']): Promise<NodeView> {
    const { node, nodes } = await this.#find(id);
    refuse(refuseRole(node, nodes, role));
    await this.#update(id, (spec) => ({ ...spec, Role: role }));
    return (await this.#find(id)).node;
  }

  /** One that is down and will not come back. */
  async remove(id: string): Promise<void> {
    refuse(refuseRemoval((await this.#find(id)).node));
    told(await this.#ports.engine.nodes.remove(id, false));
    if (toldOrMissing(await this.#ports.engine.nodes.inspect(id)) !== undefined)
      throw new UserError(502, 'not-reached', 'The swarm still has this node; try again.');
  }

  /** A new token: whatever was shown before is worth nothing from now on. */
  async offer(role: JoinOffer['role']): Promise<JoinToken> {
    const { engine, offers, unixSeconds } = this.#ports;
    const nodes = told(await engine.nodes.list());
    const address = addressOf(nodes);
    if (/^(127\.|\[?::1\]?:|localhost)/.test(address))
      throw new UserError(
        409,
        'loopback',
        `This swarm listens at ${address}, which no other host reaches. Leave it (docker swarm leave --force; its secrets are lost, deployments come back by themselves) and start it anew at an address that the others reach.`,
      );
    const expires = unixSeconds() + offerSeconds;
    // Written down first: a token that is out must be rotated even after a crash.
    offers.put({ role, expires, nodes: nodes.map(({ ID }) => ID) });
    await this.#rotate([role]);
    const { JoinTokens } = told(await engine.swarm.tokens());
    const token = role === 'worker' ? JoinTokens.Worker : JoinTokens.Manager;
    return { role, token, command: `docker swarm join --token ${token} ${address}`, expires };
  }

  async withdraw(): Promise<void> {
    await this.#rotate(['worker', 'manager']);
    for (const { role } of this.#ports.offers.list()) this.#ports.offers.remove(role);
  }

  /** Rotates what was used or is too old, as an act of its own; until the signal is aborted. */
  async watchOffers(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.closeOffers().catch(() => undefined); // an engine or a log that does not answer is asked again
      await this.#ports.sleep(offersEverySeconds, signal);
    }
  }

  /** Looks once at the tokens that are out. Rejects where it cannot be told or done. */
  async closeOffers(): Promise<void> {
    const { engine, offers, unixSeconds, audit } = this.#ports;
    const open = offers.list();
    if (open.length === 0) return;
    const nodes = told(await engine.nodes.list());
    for (const { role, expires, nodes: before } of open) {
      const joined = nodes.filter(({ ID }) => !before.includes(ID)).map(({ ID }) => ID);
      if (joined.length === 0 && unixSeconds() < expires) continue;
      const act = {
        actor: { kind: 'system' as const, id: 'nodes' },
        action: 'node:rotate-token',
        subject: `swarm/${role}`,
      };
      const opened = await audit.open({ ...act, detail: { joined, expired: unixSeconds() >= expires } });
      try {
        await this.#rotate([role]);
        offers.remove(role);
        await audit.close(opened, 'done');
      } catch (error) {
        await audit.close(opened, 'failed', { reason: (error as Error).message.slice(0, 300) });
        throw error;
      }
    }
  }

  async #find(id: string): Promise<{ node: NodeView; nodes: NodeView[] }> {
    const { items } = await this.list();
    const node = items.find((one) => one.id === id);
    if (node === undefined) throw new UserError(404, 'not-found', 'There is no such node; list them again.');
    return { node, nodes: items };
  }

  /** Reads, changes, writes, and reads back; another writer in between means that it is done again on what is there then. */
  async #update(id: string, change: (spec: NodeSpec) => NodeSpec): Promise<void> {
    const { engine } = this.#ports;
    for (let tries = 1; ; tries++) {
      const { Version, Spec } = told(await engine.nodes.inspect(id));
      const wanted = change(Spec);
      const answer = await engine.nodes.update(id, Version.Index, wanted);
      if (!answer.ok && answer.failure.kind === 'stale' && tries < updateTries) continue;
      told(answer);
      const { Spec: now } = told(await engine.nodes.inspect(id));
      if (now.Availability === wanted.Availability && now.Role === wanted.Role && sameLabels(now, wanted)) return;
      if (tries === updateTries)
        throw new UserError(502, 'not-reached', 'The swarm took the change, but the node does not show it; try again.');
    }
  }

  async #rotate(roles: readonly JoinOffer['role'][]): Promise<void> {
    const { engine } = this.#ports;
    for (let tries = 1; ; tries++) {
      const { Version, Spec } = told(await engine.swarm.inspect());
      const rotate = { worker: roles.includes('worker'), manager: roles.includes('manager') };
      const answer = await engine.swarm.update(Version.Index, Spec, rotate);
      if (!answer.ok && answer.failure.kind === 'stale' && tries < updateTries) continue;
      told(answer);
      return;
    }
  }
}

function refuse(refusal: NodeRefusal | undefined): void {
  if (refusal !== undefined) throw new UserError(409, refusal.kind, refusal.reason);
}

function sameLabels({ Labels: a = {} }: NodeSpec, { Labels: b = {} }: NodeSpec): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** The leader's, as the new node has to reach it. */
function addressOf(nodes: readonly Node[]): string {
  const leader = nodes.find(({ ManagerStatus }) => ManagerStatus?.Leader) ?? nodes.find((one) => one.ManagerStatus);
  return leader?.ManagerStatus?.Addr ?? '<address of a manager>:2377';
}
