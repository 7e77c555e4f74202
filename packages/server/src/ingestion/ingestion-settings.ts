/** How ingestion works; milliseconds where a name ends so. */
export interface IngestionSettings {
  /** Documents that are worked on at once. */
  parallel: number;
  /** Crawls and spaces that are filled at once, beside the documents. */
  parallelBases: number;
  /** Requests to embedding models at once, over all jobs. */
  embeddingParallel: number;
  /** Texts in one of them. */
  embeddingBatch: number;
  /** How long a job is a server's own without a sign of life. */
  leaseMs: number;
  /** A job whose lease is lost once more is set aside. */
  maxLostLeases: number;
  /** How often the table is looked at for what other servers put there. */
  pollMs: number;
  /** How long a job waits that failed for a reason that may pass: after the first time, the second, …; then it fails. */
  retryDelaysMs: readonly number[];
  /** How long a superseded version is kept although nothing cites it: an answer that is being written may yet do so. */
  keepVersionsMs: number;
  /** How long a file is kept that nothing names: its upload may not have been told of yet. */
  keepFilesMs: number;
  /** How often old versions and files are looked for. */
  sweepMs: number;
  /** Another server works on the same database: leases found at the start may be alive. */
  sharesDatabase: boolean;
}

const MINUTE = 60_000;

/** The defaults for a machine with so many cores. */
export function defaultIngestionSettings(cores: number): IngestionSettings {
  return {
    // A core is left to the server and its index.
    parallel: Math.min(4, Math.max(1, cores - 1)),
    parallelBases: 2,
    embeddingParallel: 4,
    embeddingBatch: 64,
    leaseMs: 30_000,
    maxLostLeases: 3,
    pollMs: 5_000,
    retryDelaysMs: [5_000, 30_000, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE],
    keepVersionsMs: 60 * MINUTE,
    keepFilesMs: 60 * MINUTE,
    sweepMs: 60 * MINUTE,
    sharesDatabase: false,
  };
}
