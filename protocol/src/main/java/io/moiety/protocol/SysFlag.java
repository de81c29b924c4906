package io.moiety.protocol;

/** Bits of a message's system flag, and of a pull request's. */
public final class SysFlag {

  public static final int COMPRESSED = 0x1;
  public static final int MULTI_TAGS = 0x2;

  /** Both transaction bits: their value is one of the four that follow. */
  public static final int TRANSACTION_MASK = 0xC;

  public static final int TRANSACTION_NONE = 0x0;
  public static final int TRANSACTION_PREPARED = 0x4;
  public static final int TRANSACTION_COMMIT = 0x8;
  public static final int TRANSACTION_ROLLBACK = 0xC;

  public static final int BORN_HOST_V6 = 0x10;
  public static final int STORE_HOST_V6 = 0x20;
  public static final int NEED_UNWRAP = 0x40;
  public static final int INNER_BATCH = 0x80;
  public static final int COMPRESSION_MASK = 0x700;
  public static final int COMPRESSION_LZ4 = 0x100;
  public static final int COMPRESSION_ZSTD = 0x200;
  public static final int COMPRESSION_ZLIB = 0x300;

  /** Pull: {@code commitOffset} is valid and to be stored. */
  public static final int PULL_COMMIT_OFFSET = 0x1;

  /** Pull: the broker may hold the request until something arrives. */
  public static final int PULL_SUSPEND = 0x2;

  /** Pull: the request carries its own subscription. */
  public static final int PULL_SUBSCRIPTION = 0x4;

  public static final int PULL_CLASS_FILTER = 0x8;
  public static final int PULL_LITE = 0x10;

  private SysFlag() {}

  public static boolean isCompressed(int sysFlag) {
    return (sysFlag & COMPRESSED) != 0;
  }

  /** One of TRANSACTION_NONE, _PREPARED, _COMMIT, _ROLLBACK. */
  public static int transactionPart(int sysFlag) {
    return sysFlag & TRANSACTION_MASK;
  }

  public static int withTransactionPart(int sysFlag, int transactionPart) {
    return (sysFlag & ~TRANSACTION_MASK) | (transactionPart & TRANSACTION_MASK);
  }
}
