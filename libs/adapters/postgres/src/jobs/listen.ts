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
    let retry: NodeJS.Timeout | undefined;
    let closed = false;

    const drop = () => {
      client?.release(true);
      client = undefined;
    };
    const connectAgain = (error: unknown) => {
      if (closed || retry) return;
      onError(error);
      drop();
      retry = setTimeout(() => void connect(), RECONNECT_MS);
    };
    const connect = async () => {
      retry = undefined;
      try {
        client = await pool.connect();
        if (closed) return drop();
        client.on('error', connectAgain);
        client.on('notification', wake);
        await client.query(`listen ${channel}`);
        wake();
      } catch (error) {
        connectAgain(error);
      }
    };
    await connect();
    return async () => {
      closed = true;
      clearTimeout(retry);
      drop();
    };
  };
}
