import type { SystemKind } from '../systems/system.js';

export interface WorkloadOptions {
  /** The server, as a superuser. */
  readonly serverUrl: string;
  readonly chunks: number;
  readonly tenants: number;
  readonly rounds: number;
  /** Chunks that growth is followed up to. */
  readonly most: number;
  readonly kinds: readonly SystemKind[];
}

/** Measures one thing and describes it in Markdown. */
export type Workload = (options: WorkloadOptions) => Promise<string>;
