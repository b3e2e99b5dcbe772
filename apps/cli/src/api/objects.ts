// What is read of the API's objects.

export interface StoreObject {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly created_at: number;
  readonly usage_bytes: number;
  readonly file_counts: {
    readonly in_progress: number;
    readonly completed: number;
    readonly failed: number;
    readonly cancelled: number;
    readonly total: number;
  };
}

export interface FileObject {
  readonly id: string;
  readonly filename: string;
  readonly bytes: number;
  readonly created_at: number;
}

export interface StoreFileObject {
  readonly id: string;
  readonly vector_store_id: string;
  readonly status: 'in_progress' | 'completed' | 'failed' | 'cancelled';
  readonly last_error: { readonly code: string; readonly message: string } | null;
  readonly attributes: Readonly<Record<string, unknown>> | null;
}

export interface SearchResult {
  readonly file_id: string;
  readonly filename: string;
  readonly page: number | null;
  readonly score: number;
  readonly content: readonly { readonly text: string }[];
}

export interface UsageDay {
  /** `2026-11-26` */
  readonly id: string;
  readonly results: readonly {
    readonly model: string;
    readonly num_model_requests: number;
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly estimated_tokens: number;
  }[];
}

export interface UsagePage {
  readonly data: readonly UsageDay[];
  readonly budget: {
    readonly tokens_per_day: number | null;
    readonly spent_tokens: number;
    readonly remaining_tokens: number | null;
    readonly resets_at: number;
  };
}

export interface AnswerChunk {
  readonly choices: readonly { readonly delta: { readonly content?: string; readonly annotations?: Annotation[] } }[];
}

export interface Annotation {
  readonly file_citation: {
    readonly file_id: string;
    readonly filename: string;
    readonly page: number | null;
    readonly quote: string;
    /** Where in the answer the claim ends that this supports, in code points. */
    readonly end_index: number;
  };
}
