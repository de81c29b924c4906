package io.moiety.client;

import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.HeaderFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a client connects and what it may hold. Validated once; immutable.
 *
 * @param addresses tried in turn; the first that answers serves
 * @param clientId names this client at the broker; unique among those connected at one time
 * @param claim with one, the client has its name for itself: the broker refuses it to others, and
 *     gives it to this claim again over a new connection
 * @param connectTimeout for one address, from the first packet to the broker's answer
 * @param requestTimeout for every request that does not wait at the broker by its nature
 * @param maxFrameBytes the largest frame accepted from the broker; must have room for its largest
 *     message
 * @param maxInFlightSends sends that may wait for their answers; more fail with {@link
 *     RequestLimitException}
 * @param maxInFlightBytes body bytes that may wait for their answers
 * @param headerFormat how requests are written; a broker answers either
 * @param tls absent for plain connections
 * @param credentials who signs the requests; absent for brokers that know no users
 * @param instance for clients that connect again; absent for those whose loss is final
 * @param eventLoops shared threads; without them each client has one daemon thread of its own
 */
public record ClientConfig(
    List<BrokerAddress> addresses,
    String clientId,
    Optional<String> claim,
    Duration connectTimeout,
    Duration requestTimeout,
    int maxFrameBytes,
    int maxInFlightSends,
    long maxInFlightBytes,
    HeaderFormat headerFormat,
    Optional<ClientTls> tls,
    Optional<Credentials> credentials,
    Optional<ClientInstance> instance,
    Optional<EventLoops> eventLoops) {

  private static final int MIN_FRAME_BYTES = 1 << 20;

  public ClientConfig {
    addresses = List.copyOf(addresses);
    require(!addresses.isEmpty(), "addresses", addresses, "at least one host:port");
    require(!clientId.isBlank(), "clientId", clientId, "a name that is not empty");
    require(isPositive(connectTimeout), "connectTimeout", connectTimeout, "1 ms to 1 day");
    require(isPositive(requestTimeout), "requestTimeout", requestTimeout, "1 ms to 1 day");
    require(
        maxFrameBytes >= MIN_FRAME_BYTES,
        "maxFrameBytes",
        maxFrameBytes,
        MIN_FRAME_BYTES + " and more");
    require(maxInFlightSends >= 1, "maxInFlightSends", maxInFlightSends, "1 and more");
    require(maxInFlightBytes >= 1, "maxInFlightBytes", maxInFlightBytes, "1 and more");
  }

  public static Builder builder() {
    return new Builder();
  }

  ClientConfig withEventLoops(EventLoops loops) {
    return with(addresses, Optional.of(loops));
  }

  ClientConfig withAddresses(List<BrokerAddress> others) {
    return with(others, eventLoops);
  }

  private ClientConfig with(List<BrokerAddress> others, Optional<EventLoops> loops) {
    return new ClientConfig(
        others,
        clientId,
        claim,
        connectTimeout,
        requestTimeout,
        maxFrameBytes,
        maxInFlightSends,
        maxInFlightBytes,
        headerFormat,
        tls,
        credentials,
        instance,
        loops);
  }

  private static boolean isPositive(Duration duration) {
    return duration.toMillis() >= 1 && duration.compareTo(Duration.ofDays(1)) <= 0;
  }

  private static void require(boolean condition, String name, Object value, String allowed) {
    if (!condition) {
      throw new IllegalArgumentException(
          name + " = " + value + " is not possible; allowed: " + allowed);
    }
  }

  /** Collects the parts. For one thread. */
  public static final class Builder {
    private List<BrokerAddress> addresses = List.of();
    private String clientId = "";
    private Optional<String> claim = Optional.empty();
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration requestTimeout = Duration.ofSeconds(15);
    private int maxFrameBytes = FrameCodec.DEFAULT_MAX_FRAME_BYTES;
    private int maxInFlightSends = 4_096;
    private long maxInFlightBytes = 64L * 1024 * 1024;
    private HeaderFormat headerFormat = HeaderFormat.BINARY;
    private Optional<ClientTls> tls = Optional.empty();
    private Optional<Credentials> credentials = Optional.empty();
    private Optional<ClientInstance> instance = Optional.empty();
    private Optional<EventLoops> eventLoops = Optional.empty();

    private Builder() {}

    /** {@code host:port}, several separated by commas. */
    public Builder addresses(String commaList) {
      return addresses(BrokerAddress.parseList(commaList));
    }

    public Builder addresses(List<BrokerAddress> value) {
      addresses = value;
      return this;
    }

    public Builder clientId(String value) {
      clientId = value;
      return this;
    }

    /** Has the name for itself, and again whenever it comes with this claim. */
    public Builder claim(String value) {
      claim = Optional.of(value);
      return this;
    }

    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    public Builder maxFrameBytes(int value) {
      maxFrameBytes = value;
      return this;
    }

    public Builder maxInFlightSends(int value) {
      maxInFlightSends = value;
      return this;
    }

    public Builder maxInFlightBytes(long value) {
      maxInFlightBytes = value;
      return this;
    }

    public Builder headerFormat(HeaderFormat value) {
      headerFormat = value;
      return this;
    }

    public Builder tls(ClientTls value) {
      tls = Optional.of(value);
      return this;
    }

    public Builder credentials(Credentials value) {
      credentials = Optional.of(value);
      return this;
    }

    public Builder instance(ClientInstance value) {
      instance = Optional.of(value);
      return this;
    }

    public Builder eventLoops(EventLoops value) {
      eventLoops = Optional.of(value);
      return this;
    }

    public ClientConfig build() {
      return new ClientConfig(
          addresses,
          clientId,
          claim,
          connectTimeout,
          requestTimeout,
          maxFrameBytes,
          maxInFlightSends,
          maxInFlightBytes,
          headerFormat,
          tls,
          credentials,
          instance,
          eventLoops);
    }
  }
}
