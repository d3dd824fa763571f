// Which deployments are attached to which networks beside the main one.
import type { Db } from '../db.ts';

export interface NetworkTable {
  /** Names of networks. */
  of(environment: string, deployment: string): string[];
  /** Names of deployments. */
  on(environment: string, network: string): string[];
  attach(environment: string, network: string, deployment: string): void;
  detach(environment: string, network: string, deployment: string): void;
}

export function createNetworkTable(db: Db): NetworkTable {
  return {
    of: (environment, deployment) =>
      db
        .all<{ network: string }>(
          'SELECT network FROM network_attachments WHERE environment = ? AND deployment = ? ORDER BY network',
          ...[environment, deployment],
        )
        .map(({ network }) => network),
    on: (environment, network) =>
      db
        .all<{ deployment: string }>(
          'SELECT deployment FROM network_attachments WHERE environment = ? AND network = ? ORDER BY deployment',
          ...[environment, network],
        )
        .map(({ deployment }) => deployment),
    attach: (environment, network, deployment) =>
      void db.run('INSERT OR IGNORE INTO network_attachments VALUES (?, ?, ?)', environment, network, deployment),
    detach: (environment, network, deployment) =>
      void db.run(
        'DELETE FROM network_attachments WHERE environment = ? AND network = ? AND deployment = ?',
        ...[environment, network, deployment],
      ),
  };
}
