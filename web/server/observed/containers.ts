// A container of the engine as the API shows it: whose it is, how it is, and what of it may be known.
import type { z } from 'zod';
import type { containerDetail, containerHealths, Container as View } from '../../../core/contracts/containers.ts';
import type { Container, Labels, ListedContainer } from '../engine/objects.ts';

type Detail = z.infer<typeof containerDetail>;
type Health = (typeof containerHealths)[number];

/** The engine tells one that never ran or stopped yet with this. */
const never = /^0001-/;

export function toContainer(listed: ListedContainer): View {
  const name = (listed.Names[0] ?? listed.Id).replace(/^\//, '');
  return {
    ...{ id: listed.Id, name, image: listed.Image, state: listed.State, status: listed.Status },
    health: healthIn(listed.Status, listed.State),
    ...ownership(name, listed.Labels ?? {}),
    created: listed.Created,
  };
}

/** The list has the health only in words. */
function healthIn(status: string, state: string): Health {
  const word = /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(status)?.[1];
  return (word as Health | undefined) ?? (state === 'running' ? 'none' : 'unknown');
}

function ownership(
  name: string,
  labels: Labels,
): Pick<View, 'owner' | 'environment' | 'deployment' | 'revision' | 'project'> {
  const deployment = labels['odyssey_deployment'] ?? null;
  const odyssey = name.startsWith('odyssey-');
  return {
    owner: deployment !== null ? 'deployment' : odyssey ? 'odyssey' : 'observed',
    environment: labels['odyssey_environment'] ?? null,
    deployment,
    revision: labels['odyssey_revision'] ?? null,
    project: labels['com.docker.compose.project'] ?? null,
  };
}

/** Why this one is not started and stopped by itself, or undefined where it may be. */
export function keptByOthers(container: Container): string | undefined {
  const labels = container.Config.Labels ?? {};
  const { owner, deployment } = ownership(container.Name.replace(/^\//, ''), labels);
  if (owner === 'deployment') return `It belongs to the deployment ${deployment}; restart or stop that.`;
  if (owner === 'odyssey') return 'It belongs to Odyssey itself, which keeps it in its state.';
  if (labels['com.docker.swarm.service.name'] !== undefined)
    return `The swarm keeps it for the service ${labels['com.docker.swarm.service.name']}; change that service.`;
  return undefined;
}

export function toDetail(container: Container, listed: Pick<View, 'image' | 'status'>): Detail {
  const { State, Config, HostConfig, NetworkSettings } = container;
  const name = container.Name.replace(/^\//, '');
  const over = !State.Running && !never.test(State.FinishedAt ?? '0001-');
  return {
    ...{ id: container.Id, name, state: State.Status, ...listed },
    health: healthOf(container),
    ...ownership(name, Config.Labels ?? {}),
    created: Math.floor(Date.parse(container.Created) / 1000),
    exitCode: over ? State.ExitCode : null,
    started: timeOf(State.StartedAt),
    finished: over ? timeOf(State.FinishedAt) : null,
    outOfMemory: over ? (State.OOMKilled ?? null) : null,
    restarts: container.RestartCount ?? null,
    environmentNames: [...(Config.Env ?? [])],
    memoryBytesMax: HostConfig?.Memory || null,
    networks: Object.keys(NetworkSettings?.Networks ?? {}),
    mounts: (container.Mounts ?? []).map((mount) => ({
      kind: mount.Type,
      name: mount.Name ?? mount.Source ?? '',
      target: mount.Destination,
      readOnly: mount.RW === false,
    })),
    healthLog: healthLogOf(container),
  };
}

export function healthOf({ State }: Container): Health {
  if (State.Health === undefined) return State.Running ? 'none' : 'unknown';
  const { Status } = State.Health;
  return Status === 'healthy' || Status === 'unhealthy' || Status === 'starting' || Status === 'none'
    ? Status
    : 'unknown';
}

/** What the last checks printed, oldest first. */
export function healthLogOf({ State }: Container): Detail['healthLog'] {
  return (State.Health?.Log ?? []).map(({ Start = '', End, ExitCode = -1, Output = '' }) => {
    const seconds = End === undefined ? Number.NaN : (Date.parse(End) - Date.parse(Start)) / 1000;
    return {
      start: Start,
      seconds: Number.isNaN(seconds) ? null : Math.max(0, seconds),
      exitCode: ExitCode,
      output: Output,
    };
  });
}

function timeOf(time: string | undefined): string | null {
  return time === undefined || never.test(time) ? null : time;
}
