package io.moiety.ra.xa;

import io.moiety.ra.metrics.AdapterMetrics;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The resources by which the server recovers the transactions of beans, one for each way of
 * connecting, kept until the adapter stops because servers keep them too. Thread-safe.
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
      resource.connect();
      return resource;
    } catch (JMSException failure) {
      throw new ResourceAdapterInternalException(
          "No connection to recover the transactions of message-driven beans with: "
              + failure.getMessage(),
          failure);
    }
  }

  @Override
  public void close() {
    resources.values().forEach(RecoveryResource::close);
  }
}
