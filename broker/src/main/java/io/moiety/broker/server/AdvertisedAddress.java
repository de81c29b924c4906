package io.moiety.broker.server;

import io.moiety.broker.config.NetworkConfig;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Under which address clients are told to find this broker. */
public final class AdvertisedAddress {

  private AdvertisedAddress() {}

  /**
   * For a route: {@code brokerIP1} where it is set, else the address by which the client that asks
   * has just reached the broker, so that it works through any of the machine's addresses.
   */
  static String of(NetworkConfig network, InetSocketAddress reached) {
    return network
        .advertisedHost()
        .map(host -> host + ":" + reached.getPort())
        .orElseGet(() -> NetUtil.toSocketAddressString(reached));
  }

  /** Host and port as tools write them. */
  static String text(InetSocketAddress address) {
    return NetUtil.toSocketAddressString(address);
  }

  /**
   * For offset message ids, which name the broker's address once and for all: {@code brokerIP1},
   * else the address that is listened on, or this machine's when that is every address.
   */
  public static InetSocketAddress storeHost(NetworkConfig network, InetSocketAddress listening) {
    try {
      if (network.advertisedHost().isPresent()) {
        return new InetSocketAddress(
            InetAddress.getByName(network.advertisedHost().get()), listening.getPort());
      }
      return listening.getAddress().isAnyLocalAddress()
          ? new InetSocketAddress(InetAddress.getLocalHost(), listening.getPort())
          : listening;
    } catch (UnknownHostException unknown) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getPort());
    }
  }
}
