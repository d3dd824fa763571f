// ATT&CK ids that have moved: older rules, reports and exceptions name them by their former numbers.

/** Former id → today's. Version 18 gathered what impairs defences under T1685, firewalls under T1686, histories under T1690. */
const moved: Readonly<Record<string, string>> = {
  T1562: 'T1685',
  'T1562.001': 'T1685',
  'T1562.002': 'T1685',
  'T1562.003': 'T1690',
  'T1562.004': 'T1686',
  'T1562.006': 'T1685.006',
  'T1562.007': 'T1686',
  'T1562.008': 'T1685',
  'T1562.012': 'T1685.004',
  'T1562.013': 'T1686',
  'T1070.001': 'T1685',
  'T1070.002': 'T1685.006',
  T1496: 'T1496.001',
};

/** Today's id of a technique; an id that never moved is its own. */
export function currentTechnique(id: string): string {
  return moved[id] ?? id;
}
