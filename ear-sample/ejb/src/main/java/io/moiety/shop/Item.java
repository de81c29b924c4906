package io.moiety.shop;

/** What the shop sells. The price is what one piece costs. */
public enum Item {
  GREEN_TEA("Green tea", 890),
  COFFEE_BEANS("Coffee beans", 1450),
  HONEY("Heather honey", 720),
  STONE_CUP("Stoneware cup", 1900);

  private final String title;
  private final int priceCents;

  Item(String title, int priceCents) {
    this.title = title;
    this.priceCents = priceCents;
  }

  public String title() {
    return title;
  }

  public int priceCents() {
    return priceCents;
  }
}
