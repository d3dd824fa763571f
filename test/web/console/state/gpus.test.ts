// GPUs: Prometheus and the live values joined by uuid, each with its age, and what the detector says of them.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { GpusPage } from '../../../../web/console/state/gpus.svelte.ts';
import { fakePorts, fakeServer, settle } from '../ports.ts';

const known = (value: number) => ({ state: 'known', value });
const listed = {
  ...{ instance: 'orion', uuid: 'GPU-1', utilizationRatio: known(0.9), temperatureCelsius: known(70) },
  powerWatts: { state: 'unknown', reason: 'not read' },
};
const live = { uuid: 'GPU-1', index: 0, name: 'H100', utilizationRatio: 0.4, powerWatts: 300, ageSeconds: 4 };
const anomaly = {
  ...{ detector: 'gpu', labels: { instance: 'orion', uuid: 'GPU-1' }, metric: 'power', unit: 'watts', value: 300 },
  ...{ score: 99.7, rarity: '1 in 300', mode: 'model', reason: null, warmingSecondsLeft: null, contributions: [] },
  ...{ expectedLow: 90, expectedHigh: 120, alert: { raised: false, sinceSeconds: null } },
};
const ordinary = { ...anomaly, score: 40 };
const answering = { detector: 'gpu', state: 'known', prometheusAnswering: true };

async function pageWith(
  gpus: object,
  { items = [ordinary], detectors = [answering] }: { items?: object[]; detectors?: object[] } = {},
) {
  const body = { atSeconds: 1_799_999_990, gpus };
  const ports = fakePorts(
    fakeServer({
      'GET /overview': { body },
      // Asked for anything else, the server has nothing of GPUs to say: others would crowd them out.
      'GET /anomalies': ({ path }) => ({
        body: path.includes('detector=gpu') ? { detectors, items } : { detectors: [], items: [] },
      }),
    }),
  );
  const app = new App(ports);
  app.begin();
  void app.live.open();
  await settle();
  const page = new GpusPage(app);
  page.follow(() => true);
  await settle();
  const send = (value: unknown) => {
    ports.socket.events?.opened();
    ports.socket.send([{ topic: 'live', value, dropped: 0 }]);
  };
  return { page, ports, send };
}
const one = { state: 'known', items: [listed] };
const none = { state: 'known', items: [] };

test('what Prometheus has is shown with its age; what nobody read is unknown', async () => {
  const { page } = await pageWith(one);
  expect(page.gpus[0]).toMatchObject({ name: 'GPU-1', utilizationRatio: 0.9, powerWatts: null, at: 1_799_999_990 });
  expect(page.sentence).toBe('One GPU, 90 % busy; nothing unusual.');
});

test('live values stand in their place, as old as the collector says, until they are old', async () => {
  const { page, send, ports } = await pageWith(one);
  send({ gpus: [live] });
  const at = ports.unixSeconds() - 4;
  expect(page.gpus).toHaveLength(1);
  expect(page.gpus[0]).toMatchObject({
    name: 'H100',
    utilizationRatio: 0.4,
    temperatureCelsius: 70,
    powerWatts: 300,
    at,
  });
  await ports.pass(30);
  expect(page.gpus[0]).toMatchObject({ name: 'GPU-1', utilizationRatio: 0.9, powerWatts: null });
});

test('one that only the live values have is shown as well', async () => {
  const { page, send } = await pageWith(none);
  expect(page.sentence).toBe('No GPU is measured.');
  send({ gpus: [live] });
  expect(page.gpus.map(({ name }) => name)).toEqual(['H100']);
  send({ gpus: 'many' });
  expect(page.gpus).toEqual([]);
});

describe('a list that cannot be read', () => {
  const unknown = { state: 'unknown', reason: 'Prometheus does not answer.' };
  test('is unknown, not empty', async () => {
    const { page } = await pageWith(unknown);
    expect([page.unknown, page.sentence]).toEqual([unknown.reason, 'Whether there are GPUs is unknown.']);
  });
  test('does not hide what comes live', async () => {
    const { page, send } = await pageWith(unknown);
    send({ gpus: [live] });
    expect([page.unknown, page.gpus.length]).toEqual([undefined, 1]);
  });
});

describe('what is unusual', () => {
  test('stands beside its GPU and in a sentence of its own', async () => {
    const { page } = await pageWith(one, { items: [anomaly, { ...anomaly, metric: 'temperature', score: 40 }] });
    expect(page.gpus[0]!.anomaly?.score).toBe(99.7);
    expect(page.unusual.map(({ title, sentence }) => [title, sentence])).toEqual([
      ['GPU-1: Power', 'Power 300 W, usually 90–120 W.'],
    ]);
    expect(page.sentence).toBe('One GPU, 90 % busy; 1 unusual reading.');
  });
  test('of other things does not stand here', async () => {
    const { page } = await pageWith(one, { items: [{ ...anomaly, detector: 'disk' }] });
    expect([page.anomalies, page.gpus[0]!.anomaly]).toEqual([[], undefined]);
  });
  const unscored = { ...anomaly, score: null, mode: 'unknown', reason: 'too few rows' };
  test.each([
    { detectors: [], items: [], said: 'the gpu detector does not answer' },
    { detectors: [{ detector: 'gpu', state: 'unknown', reason: 'late' }], items: [], said: 'the gpu detector: late' },
    {
      detectors: [{ ...answering, prometheusAnswering: false }],
      items: [],
      said: 'the gpu detector gets no history from Prometheus',
    },
    { detectors: [answering], items: [], said: 'no verdict yet' },
    { detectors: [answering], items: [unscored], said: 'too few rows' },
    { detectors: [answering], items: [{ ...unscored, warmingSecondsLeft: 60 }], said: 'still learning' },
  ])('is not judged: $said', async ({ detectors, items, said }) => {
    const { page } = await pageWith(one, { detectors, items });
    expect([page.unjudged, page.sentence]).toEqual([
      said,
      'One GPU, 90 % busy; not judged yet whether anything is unusual.',
    ]);
  });
  test('of two is said of the one that is judged alone', async () => {
    const { page } = await pageWith({ state: 'known', items: [listed, { ...listed, uuid: 'GPU-2' }] });
    expect(page.sentence).toBe('2 GPUs, 2 busy; nothing unusual, 1 not judged yet.');
  });
});
