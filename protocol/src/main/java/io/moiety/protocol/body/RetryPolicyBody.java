package io.moiety.protocol.body;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a group's messages wait for their next try, as RocketMQ's tools set it.
 *
 * @param type EXPONENTIAL or CUSTOMIZED
 */
public record RetryPolicyBody(
    @Nullable Customized customizedRetryPolicy,
    @Nullable Exponential exponentialRetryPolicy,
    String type) {

  private static final String CUSTOMIZED = "CUSTOMIZED";

  public RetryPolicyBody {
    type = type == null ? CUSTOMIZED : type;
  }

  /** RocketMQ's own: the delay levels. */
  public static RetryPolicyBody byLevels() {
    return new RetryPolicyBody(null, null, CUSTOMIZED);
  }

  /**
   * Waits one after the other.
   *
   * @param next in milliseconds
   */
  public record Customized(List<Long> next) {

    public Customized {
      next = Members.list(next);
    }
  }

  /** Waits in milliseconds that grow by a factor, up to a bound. */
  public record Exponential(long initial, long max, long multiplier) {}
}
