package io.moiety.broker.index;

/** The number under which the index knows a key of a topic. Never negative. */
@FunctionalInterface
interface KeyHash {

  long of(String topic, String key);

  /**
   * 63 bits of FNV-1a over {@code topic#key}, stirred as in MurmurHash3. What files say depends on
   * it: a change needs a new format version.
   */
  static long standard(String topic, String key) {
    long hash = 0xCBF2_9CE4_8422_2325L;
    hash = append(hash, topic);
    hash = append(hash, "#");
    hash = append(hash, key);
    hash = (hash ^ (hash >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
    return (hash ^ (hash >>> 33)) & Long.MAX_VALUE;
  }

  private static long append(long hash, String text) {
    long appended = hash;
    for (int i = 0; i < text.length(); i++) {
      appended = (appended ^ text.charAt(i)) * 0x0000_0100_0000_01B3L;
    }
    return appended;
  }
}
