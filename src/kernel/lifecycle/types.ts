/** Parts start in the order in which they were added and stop in reverse. */
export interface Part {
  readonly name: string;
  start?(): Promise<void> | void;
  /** Gets a signal that ends at the deadline for stopping. */
  stop?(signal: AbortSignal): Promise<void> | void;
}
