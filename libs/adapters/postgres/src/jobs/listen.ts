/** Calls `wake` at each NOTIFY on the channel until the returned function is called. */
export type Listen = (
  channel: string,
  wake: () => void,
  onError: (error: unknown) => void,
) => Promise<() => Promise<void>>;

/** What is used of a client of `pg`. */
export interface ListeningClient {
  query(sql: string): Promise<unknown>;
  release(destroy: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'notification', listener: () => void): unknown;
}

/** What is used of a `pg.Pool`. */
export interface ListeningPool {
  connect(): Promise<ListeningClient>;
}

const RECONNECT_MS = 5_000;

/**
 * LISTEN on a connection of the pool, held as long as it lasts and replaced when it breaks. Behind a pooler in
 * transaction mode nothing is heard: the queue then still looks every half second.
 */
export function listenOn(pool: ListeningPool): Listen {
  return async (channel, wake, onError) => {
    let client: ListeningClient | undefined;
    let timer: NodeJS.Timeout | undefined;
    let closed = false;

    const again = (error: unknown) => {
      onError(error);
      client?.release(true);
      client = undefined;
      if (!closed) timer = setTimeout(() => void connect(), RECONNECT_MS);
    };
    const connect = async () => {
      try {
        const next = await pool.connect();
        if (closed) return next.release(true);
        client = next;
        next.on('error', (error) => client === next && again(error));
        next.on('notification', wake);
        await next.query(`listen ${channel}`);
        wake();
      } catch (error) {
        again(error);
      }
    };
    await connect();
    return async () => {
      closed = true;
      clearTimeout(timer);
      client?.release(true);
      client = undefined;
    };
  };
}
