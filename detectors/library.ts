// The models in use, by model key and metric: loaded once from the store, shared by the replicas of a key.
import { allMetrics, type Detector } from './detector.ts';
import { decodeModel, type Model } from './models/codec.ts';
import type { EntityModel } from './models/entity-model.ts';
import type { SeriesModel } from './models/series-model.ts';
import type { ModelStore } from './ports.ts';
import type { Refusal } from './state.ts';

export interface KeyModels {
  series: Map<string, SeriesModel>;
  entity: EntityModel | undefined;
}

/** By model key; an entry without models says that the store was asked. */
export type Library = Map<string, KeyModels>;

/** The key's models, from memory or from the store; what was refused is told, and stays aside. */
export async function loadKey(
  library: Library,
  detector: Detector,
  modelKey: string,
  store: ModelStore,
  refuse: (refusal: Omit<Refusal, 'atSeconds'>) => void,
): Promise<KeyModels> {
  const known = library.get(modelKey);
  if (known !== undefined) return known;
  const models: KeyModels = { series: new Map(), entity: undefined };
  for (const { metric } of detector.metrics) {
    const place = { detector: detector.name, modelKey, metric };
    const { model, refused } = await store.load(place, (bytes) =>
      decodeModel(bytes, { kind: 'series', features: [metric] }),
    );
    refused.forEach(refuse);
    if (model?.kind === 'series') models.series.set(metric, model);
  }
  const place = { detector: detector.name, modelKey, metric: allMetrics };
  const { model, refused } = await store.load(place, (bytes) => decodeEntity(detector, bytes));
  refused.forEach(refuse);
  models.entity = model;
  library.set(modelKey, models);
  return models;
}

/** Forgets the models of keys that no entity has any more; they stay in the store. */
export function forgetUnused(library: Library, used: ReadonlySet<string>): void {
  for (const modelKey of library.keys()) if (!used.has(modelKey)) library.delete(modelKey);
}

export function place(models: KeyModels, metric: string, model: Model): void {
  if (model.kind === 'entity') models.entity = model;
  else models.series.set(metric, model);
}

/** An entity's model may know any of the detector's metrics, in any number, and nothing else. */
function decodeEntity(detector: Detector, bytes: Uint8Array): EntityModel {
  const model = decodeModel(bytes);
  if (model.kind !== 'entity') throw new Error(`The file holds a ${model.kind} model, wanted is an entity model.`);
  const strangers = model.features.filter((feature) => !detector.metrics.some(({ metric }) => metric === feature));
  if (strangers.length > 0) throw new Error(`The model knows ${strangers.join(', ')}, which this detector does not.`);
  return model;
}
