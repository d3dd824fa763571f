// Whole journeys through the pages in a real browser: first run, judgement, hostile text, roles; an alert with a real Prometheus and a real
// Alertmanager; and deployments on a real engine.
import type { Browser } from 'playwright-core';
import { openConsolePlane, openFirstRunPlane } from '../../e2e/console-plane.ts';
import { startEngineConsole } from '../../e2e/engine-console.ts';
import { accessible } from '../../e2e/journeys/accessible.ts';
import { deploy, deployAs } from '../../e2e/journeys/deploy.ts';
import { firstRun } from '../../e2e/journeys/first-run.ts';
import { hostileLog, hostileNames } from '../../e2e/journeys/hostile.ts';
import { incident } from '../../e2e/journeys/incident.ts';
import { judge, judgeAs } from '../../e2e/journeys/judge.ts';
import { measured } from '../../e2e/journeys/measured.ts';
import { lesserRoles, rolesMay, running, startStranger, watching } from '../../e2e/journeys/roles.ts';
import { silence } from '../../e2e/journeys/silence.ts';
import { startRealAlerts } from '../../e2e/real-alerts.ts';
import { findEngines } from '../../engines.ts';
import { barred, type Figure, skipped } from '../figure.ts';

type Progress = (line: string) => void;

export async function proveJourneys(browser: Browser, progress: Progress): Promise<Figure[]> {
  progress('journeys in the scripted world');
  const fresh = await openFirstRunPlane();
  const plane = await openConsolePlane();
  const figures = [
    await walk('first run', () => firstRun(browser, fresh)),
    await walk('anomaly, why, judgement, audit', () => judge(browser, plane)),
    await walk('hostile names', () => hostileNames(browser, plane.url)),
  ];
  for (const role of ['developer', 'operator'] as const)
    figures.push(await walk(`${role} judges`, () => judgeAs(browser, plane, role)));
  for (const role of [...lesserRoles, 'admin'] as const)
    figures.push(await walk(`${role} watches`, () => rolesMay(browser, plane, role, watching)));
  await fresh.close();
  await plane.close();
  return [...figures, ...(await proveAlerts(browser, progress)), ...(await proveOnEngine(browser, progress))];
}

async function proveAlerts(browser: Browser, progress: Progress): Promise<Figure[]> {
  const engines = findEngines();
  if (engines.length === 0) return [skipped('journey of an alert', 'there is no Prometheus and no Alertmanager here')];
  const figures: Figure[] = [];
  for (const engine of engines) {
    progress(`an alert from its rule to a person, with ${engine.name}`);
    const real = await startRealAlerts(engine);
    try {
      figures.push(await walk(`alert, silence, outage, end, ${engine.name}`, () => silence(browser, real, 'whole')));
    } finally {
      await real.close();
    }
  }
  return figures;
}

async function proveOnEngine(browser: Browser, progress: Progress): Promise<Figure[]> {
  progress('journeys on a real engine');
  const started = await startEngineConsole();
  if (started.kind === 'absent') return [skipped('journeys on a real engine', started.reason)];
  const { console } = started;
  try {
    const figures = [
      await walk('deploy, log, scale, revise, compare, roll back', () => deploy(browser, console)),
      await walk('what is measured', () => measured(browser, console)),
      await walk('an incident, why, and the way back in three clicks', () => incident(browser, console)),
      await walk('hostile log', () => hostileLog(browser, console)),
      await walk('axe on what runs', () => accessible(browser, console)),
    ];
    for (const role of ['developer', 'operator'] as const)
      figures.push(await walk(`${role} deploys, scales, updates, rolls back`, () => deployAs(browser, console, role)));
    await startStranger(console);
    for (const role of [...lesserRoles, 'admin'] as const)
      figures.push(await walk(`${role} before what runs`, () => rolesMay(browser, console.it, role, running)));
    return figures;
  } finally {
    await console.close();
  }
}

/** A journey that stops short is a failure with where it stopped. */
async function walk(name: string, journey: () => Promise<void>): Promise<Figure> {
  const title = `journey failed: ${name}`;
  try {
    await journey();
    return barred(title, 0, '==', 0);
  } catch (error) {
    return { ...barred(title, 1, '==', 0), reason: (error as Error).message.slice(0, 1_500) };
  }
}
