package io.moiety.ra.xa;

import io.moiety.ra.metrics.AdapterMetrics;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The resources by which the server recovers the transactions of beans, one for each way of
 * connecting, kept as long as beans use that because servers keep them too. Thread-safe.
 */
public final class RecoveryResources implements AutoCloseable {

  private final AdapterMetrics metrics;
  private final Map<Object, RecoveryResource> resources = new ConcurrentHashMap<>();

  public RecoveryResources(AdapterMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * A connected resource.
   *
   * @param key equal for equal ways of connecting
   * @throws ResourceException when the broker cannot be reached, so that the server asks again
   */
  public RecoveryResource of(Object key, RecoveryResource.Source source) throws ResourceException {
    RecoveryResource resource =
        resources.computeIfAbsent(key, unknown -> new RecoveryResource(source, metrics));
    try {
      resource.connect(source);
      return resource;
    } catch (JMSException failure) {
      throw new ResourceAdapterInternalException(
          "No connection to recover the transactions of message-driven beans with: "
              + failure.getMessage(),
          failure);
    }
  }

  /**
   * Lets go of what a connection factory of an undeployed application holds. Branches of its that
   * are in doubt are recovered when a bean connects so again.
   */
  public void release(Object key) {
    RecoveryResource unused = resources.remove(key);
    if (unused != null) {
      unused.close();
    }
  }

  @Override
  public void close() {
    resources.values().forEach(RecoveryResource::close);
  }
}
