// How many calls and streams may be open on one socket at once; who comes after that is told to come again.

export interface Gate {
  /** A function that gives the place back, or undefined where there is none. */
  enter(stream: boolean): (() => void) | undefined;
  readonly calls: number;
  readonly streams: number;
}

export function createGate(bounds: { callsMax: number; streamsMax: number }): Gate {
  let calls = 0;
  let streams = 0;
  return {
    enter(stream) {
      if (stream ? streams >= bounds.streamsMax : calls >= bounds.callsMax) return undefined;
      if (stream) streams++;
      else calls++;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        if (stream) streams--;
        else calls--;
      };
    },
    get calls() {
      return calls;
    },
    get streams() {
      return streams;
    },
  };
}
