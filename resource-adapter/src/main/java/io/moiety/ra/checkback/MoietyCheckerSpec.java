package io.moiety.ra.checkback;

import io.moiety.ra.connection.Faults;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.validation.constraints.NotBlank;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * For which producer group a {@link io.moiety.ra.TransactionChecker} answers. A bean: set by the
 * server, then validated, then not changed.
 */
public final class MoietyCheckerSpec implements ActivationSpec, Serializable {

  private static final long serialVersionUID = 1L;

  private transient @Nullable ResourceAdapter resourceAdapter;

  @ConfigProperty(description = "The producer group that the bean answers for.")
  @NotBlank(message = "allowed: the name of a producer group")
  private String producerGroup = "";

  public String getProducerGroup() {
    return producerGroup;
  }

  public void setProducerGroup(String producerGroup) {
    this.producerGroup = producerGroup.trim();
  }

  @Override
  public void validate() throws InvalidPropertyException {
    Faults faults = new Faults();
    if (producerGroup.isEmpty()) {
      faults.add("producerGroup is missing: give the producer group that the bean answers for");
    }
    faults.throwIfAny("The activation of a check-back bean");
  }

  @Override
  public @Nullable ResourceAdapter getResourceAdapter() {
    return resourceAdapter;
  }

  @Override
  public void setResourceAdapter(ResourceAdapter adapter) throws ResourceException {
    if (resourceAdapter != null && resourceAdapter != adapter) {
      throw new jakarta.resource.spi.IllegalStateException(
          "This activation belongs to another resource adapter already");
    }
    resourceAdapter = adapter;
  }

  @Override
  public String toString() {
    return "check-backs of producer group " + producerGroup;
  }
}
