/** A sleep that another can end. A wake that comes before the sleep is not lost: the next sleep is over at once. */
export interface WakeableSleep {
  sleep(milliseconds: number): Promise<void>;
  wake(): void;
}

export function wakeableSleep(): WakeableSleep {
  let woken = false;
  let end = (): void => undefined;
  return {
    async sleep(milliseconds) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          end = () => (clearTimeout(timer), resolve());
        });
      }
      woken = false;
    },
    wake() {
      woken = true;
      end();
    },
  };
}
