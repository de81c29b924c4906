package io.moiety.shop;

/**
 * What a customer asks for.
 *
 * @param quantity 1 to {@link #MAX_QUANTITY}
 * @param poison whether fulfilment shall fail at each delivery of the order's message
 * @param failAfterSends whether placing the order shall fail when the row is stored and the
 *     messages are sent, just before the commit
 */
public record OrderRequest(Item item, int quantity, boolean poison, boolean failAfterSends) {
  public static final int MAX_QUANTITY = 99;

  public OrderRequest {
    if (quantity < 1 || quantity > MAX_QUANTITY) {
      throw new IllegalArgumentException(
          "quantity is " + quantity + ", allowed is 1 to " + MAX_QUANTITY);
    }
  }
}
