// Paging, swapping, page faults and out-of-memory kills since the machine booted.
import { type Sample, sample, untyped } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import type { Source } from '../source.ts';

const fields = ['pgpgin', 'pgpgout', 'pswpin', 'pswpout', 'pgfault', 'pgmajfault', 'oom_kill'] as const;

export const vmstat: Source = {
  name: 'vmstat',
  metrics: fields.map((field) => untyped(`node_vmstat_${field}`, `${field} of /proc/vmstat.`)),
  read({ readText }) {
    const text = `\n${readText('/proc/vmstat')}\n`;
    const samples: Sample[] = [];
    for (const field of fields) {
      const at = text.indexOf(`\n${field} `);
      if (at < 0) continue;
      const value = text.slice(at + field.length + 2, text.indexOf('\n', at + 1));
      samples.push(sample(`node_vmstat_${field}`, parseInteger(value)));
    }
    return samples;
  },
};
