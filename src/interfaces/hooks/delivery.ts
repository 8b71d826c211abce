/** How a hook reached us, beside what it says. */
export interface Delivery {
  /** When the agent sent it, in milliseconds, where the one who delivers it knows; else it is taken for new. */
  readonly at: number | undefined;
  /** Names this very event, however often it is delivered; null when the one who delivers it does not name it. */
  readonly id: string | null;
}
