// What the control plane and Grafana agree on: where it is served, how a person is named to it, and how its dashboards are kept.
import { z } from 'zod';
import type { Role } from './access.ts';

/** Where Grafana is served; it must be told to serve from this sub path. */
export const grafanaRoot = '/grafana';

/** Headers in which Grafana is told who asks. It believes them, so that no client's may ever reach it. */
export const webauth = {
  user: 'x-webauth-user',
  name: 'x-webauth-name',
  role: 'x-webauth-role',
} as const;

export type GrafanaRole = 'Admin' | 'Editor' | 'Viewer';

/** Grafana knows no environments: only a role on all of them counts for more than looking. */
export const grafanaRoles: Readonly<Record<Role, GrafanaRole>> = {
  admin: 'Admin',
  operator: 'Editor',
  developer: 'Editor',
  'read-only': 'Viewer',
};

/** Whether there is a Grafana behind `grafanaRoot` at all, so that nothing leads to where nothing is. */
export const grafanaState = z.strictObject({ configured: z.boolean() });

export const dashboardUid = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);

/** A dashboard as Grafana gives and takes it; its inside is Grafana's. */
export const grafanaDashboard = z.looseObject({
  uid: dashboardUid,
  title: z.string().min(1).max(300),
});
export type GrafanaDashboard = z.infer<typeof grafanaDashboard>;

const keptDashboard = z.strictObject({
  folder: z.strictObject({ uid: z.string().max(60), title: z.string().max(300) }).nullable(),
  /** Grafana's count of saves; a provisioned one that nobody touched stays at what it was given. */
  version: z.int().nonnegative(),
  provisioned: z.boolean(),
  dashboard: grafanaDashboard,
});
export type KeptDashboard = z.infer<typeof keptDashboard>;

export const exportId = z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{16}$/);

export const dashboardExport = z.strictObject({
  format: z.literal('odyssey-dashboards-1'),
  id: exportId,
  made: z.string().max(40),
  /** SHA-256 of the dashboards as JSON, in hexadecimal. */
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
  dashboards: z.array(keptDashboard).max(500),
});
export type DashboardExport = z.infer<typeof dashboardExport>;

export const exportSummary = z.strictObject({
  id: exportId,
  made: z.string(),
  dashboards: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
});

export const restoreBody = z.strictObject({
  folder: keptDashboard.shape.folder.default(null),
  dashboard: grafanaDashboard,
});

export const restoreAnswer = z.strictObject({
  restored: z.array(dashboardUid),
  /** What was not put back, and why. */
  failed: z.array(z.strictObject({ uid: dashboardUid, reason: z.string() })),
});
export type RestoreAnswer = z.infer<typeof restoreAnswer>;
