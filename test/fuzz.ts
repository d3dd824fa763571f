// How many cases the fuzz tests try: few in every run, as many as ODYSSEY_FUZZ_RUNS says in a long one.
export const fuzzRuns = Number(process.env['ODYSSEY_FUZZ_RUNS'] ?? 300);
