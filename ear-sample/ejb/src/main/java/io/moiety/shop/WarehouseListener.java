package io.moiety.shop;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;

/** The warehouse: packs the parcels of confirmed orders. */
@MessageDriven(
    activationConfig = {
      @ActivationConfigProperty(
          propertyName = "destinationType",
          propertyValue = "jakarta.jms.Queue"),
      @ActivationConfigProperty(
          propertyName = "destinationLookup",
          propertyValue = Destinations.SHIPMENTS)
    })
public class WarehouseListener implements MessageListener {
  @EJB private OrderBook orders;

  @Override
  public void onMessage(Message message) {
    orders.packed(OrderMessage.of(message).order());
  }
}
