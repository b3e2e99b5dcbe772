/** A map that forgets its oldest entry beyond so many: what strangers fill must not grow. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  constructor(private readonly most: number) {
    super();
  }

  override set(key: Key, value: Value): this {
    const [oldest] = this.keys();
    if (this.size >= this.most && !this.has(key)) this.delete(oldest as Key);
    return super.set(key, value);
  }
}
