// Who is on the machine with an incident: its containers, its GPU, and what is wrong there.

/** One of the machine's containers. */
export interface Member {
  /** As the engine has it. */
  id: string;
  name: string;
  /** Cores and bytes that it ordinarily uses. */
  cpu: number;
  memory: number;
  environment?: string | undefined;
  deployment?: string | undefined;
  revision?: string | undefined;
  /** When it was started, Unix seconds; nothing was measured before. Without one it has always been there. */
  since?: number | undefined;
  /** When requests went elsewhere, Unix seconds: it is warm since. */
  until?: number | undefined;
  /** Whether it ended then and is there no more. */
  ended?: boolean;
  /** Whether requests go to it, or went. */
  answers?: boolean;
  /** How much of the incident it has: 1 is the container that everybody should look at. */
  leak?: number;
}

export interface Scene {
  /** When the memory began to grow, Unix seconds. */
  began: number;
  containers: readonly Member[];
  /** Whether the appliance has troubles of its own as well: a part that does not answer, detectors that are silent, a name that means harm. */
  troubles: boolean;
}

export const instance = 'orion';
export const gibibyte = 1_073_741_824;
export const node = { cores: 8, memoryBytes: 32 * gibibyte, diskBytes: 931 * gibibyte } as const;
export const gpu = {
  ...{ uuid: 'GPU-8d2c9f1e-52a7-4b19-9d3e-6f0b1f0a2c11', name: 'NVIDIA GeForce RTX 4090' },
  memoryBytes: 24_564 * 1_048_576,
} as const;
const incidentSeconds = 1_500;

/** One that means no good: markup, a change of direction, escapes, and far too long. */
const hostileName = `<img src=x onerror=alert(1)>\u202egnp.exe\u001b[31m${'x'.repeat(65_536)}`;

export function isHostile({ name }: Member): boolean {
  return name === hostileName;
}

/** What containers of these names are thought to use; another is small and quiet. */
const habits: Readonly<Record<string, readonly [cpu: number, gibibytes: number]>> = {
  ...{ 'shop-api': [0.82, 1.2], 'shop-web': [0.12, 0.21], postgres: [0.31, 2.4], redis: [0.03, 0.08] },
  ...{ 'worker-1': [0.4, 0.6], 'worker-2': [0.38, 0.61], mailer: [0.01, 0.09], search: [0.55, 3.1] },
  ...{ queue: [0.09, 0.3], 'metrics-gateway': [0.02, 0.05], inference: [1.7, 7.9] },
};

/** A container of that name as it lives; `habit` names another one that it lives like. */
export function memberOf(id: string, name: string, habit = name): Member {
  const [cpu, gibibytes] = habits[habit] ?? [0.004, 0.03];
  return { id, name, cpu, memory: gibibytes * gibibyte };
}

/** The machine as most tests see it, with everything wrong at once. */
export function makeScene(now: number): Scene {
  const containers = Object.keys(habits).map((name) => ({
    ...memberOf(name, name),
    ...(name === 'shop-api' && { leak: 1 }),
  }));
  const hostile = { id: hostileName.slice(0, 20), name: hostileName, cpu: 0.001, memory: 4_096 };
  return { began: now - incidentSeconds, containers: [...containers, hostile], troubles: true };
}

/** Those that are there now. */
export function present({ containers }: Scene): Member[] {
  return containers.filter(({ ended }) => ended !== true);
}

/** A swarm task's name without the id that is new with every task. */
export function lastingName(name: string): string {
  return name.replace(/\.[a-z0-9]{25}$/, '');
}
