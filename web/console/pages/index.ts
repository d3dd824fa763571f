// Every page of the console: a page is one file here and one entry in this list.

import Activity from '@lucide/svelte/icons/activity';
import Bell from '@lucide/svelte/icons/bell';
import Box from '@lucide/svelte/icons/box';
import Cpu from '@lucide/svelte/icons/cpu';
import Gpu from '@lucide/svelte/icons/gpu';
import HardDrive from '@lucide/svelte/icons/hard-drive';
import History from '@lucide/svelte/icons/history';
import KeyRound from '@lucide/svelte/icons/key-round';
import House from '@lucide/svelte/icons/layout-dashboard';
import Network from '@lucide/svelte/icons/network';
import Rocket from '@lucide/svelte/icons/rocket';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Server from '@lucide/svelte/icons/server';
import SettingsIcon from '@lucide/svelte/icons/settings';
import type { Page } from './page.ts';

export const pages: readonly Page[] = [
  {
    ...{ path: '/', title: 'Overview', group: 'Watch', icon: House, permission: 'watch:read' },
    load: () => import('./Overview.svelte'),
  },
  {
    ...{ path: '/anomalies', title: 'Anomalies', group: 'Watch', icon: Activity, permission: 'watch:read' },
    load: () => import('./Anomalies.svelte'),
  },
  {
    ...{ path: '/anomalies/series', title: 'Series', permission: 'watch:read' },
    load: () => import('./AnomalySeries.svelte'),
  },
  {
    ...{ path: '/alerts', title: 'Alerts', group: 'Watch', icon: Bell, permission: 'watch:read' },
    load: () => import('./Alerts.svelte'),
  },
  {
    ...{ path: '/notifications', title: 'Notifications', permission: 'notification:read' },
    load: () => import('./Notifications.svelte'),
  },
  {
    ...{ path: '/logs', title: 'Logs', group: 'Watch', icon: ScrollText, permission: 'log:read' },
    load: () => import('./Logs.svelte'),
  },
  {
    ...{ path: '/deployments', title: 'Deployments', group: 'Run', icon: Rocket, permission: 'deployment:read' },
    load: () => import('./Deployments.svelte'),
  },
  {
    ...{ path: '/deploy', title: 'Deploy something', permission: 'deployment:write' },
    load: () => import('./DeploymentNew.svelte'),
  },
  {
    ...{ path: '/deployments/:name/update', title: 'Update', permission: 'deployment:write' },
    load: () => import('./DeploymentNew.svelte'),
  },
  {
    ...{ path: '/deployments/:name', title: 'Deployment', permission: 'deployment:read' },
    load: () => import('./DeploymentDetail.svelte'),
  },
  {
    ...{ path: '/containers', title: 'Containers', group: 'Run', icon: Box, permission: 'container:read' },
    load: () => import('./Containers.svelte'),
  },
  {
    ...{ path: '/containers/:id', title: 'Container', permission: 'container:read' },
    load: () => import('./ContainerDetail.svelte'),
  },
  {
    ...{ path: '/secrets', title: 'Secrets', group: 'Run', icon: KeyRound, permission: 'secret:read' },
    load: () => import('./Secrets.svelte'),
  },
  {
    ...{ path: '/volumes', title: 'Volumes', group: 'Run', icon: HardDrive, permission: 'volume:read' },
    load: () => import('./Volumes.svelte'),
  },
  {
    ...{ path: '/networks', title: 'Networks', group: 'Run', icon: Network, permission: 'network:read' },
    load: () => import('./Networks.svelte'),
  },
  {
    ...{ path: '/nodes', title: 'Nodes', group: 'Machine', icon: Server, permission: 'watch:read' },
    load: () => import('./Nodes.svelte'),
  },
  {
    ...{ path: '/gpus', title: 'GPUs', group: 'Machine', icon: Gpu, permission: 'watch:read' },
    load: () => import('./Gpus.svelte'),
  },
  {
    ...{ path: '/processes', title: 'Processes', group: 'Machine', icon: Cpu, permission: 'watch:read' },
    load: () => import('./Processes.svelte'),
  },
  {
    ...{ path: '/audit', title: 'Audit', group: 'Trust', icon: History, permission: 'audit:read' },
    load: () => import('./Audit.svelte'),
  },
  { path: '/welcome', title: 'Welcome', permission: 'watch:read', load: () => import('./Welcome.svelte') },
  {
    ...{ path: '/settings', title: 'Settings', group: 'Trust', icon: SettingsIcon },
    load: () => import('./Settings.svelte'),
  },
  { path: '/gallery', title: 'Gallery', load: () => import('./Gallery.svelte') },
];
