package io.moiety.broker.access;

/** Rights that no rule says. */
enum FixedRights implements Rights {
  ALL,
  NONE;

  @Override
  public boolean mayProduce(String topic) {
    return isUnlimited();
  }

  @Override
  public boolean mayConsume(String topic) {
    return isUnlimited();
  }

  @Override
  public boolean mayJoin(String group) {
    return isUnlimited();
  }

  @Override
  public boolean isUnlimited() {
    return this == ALL;
  }

  @Override
  public String user() {
    return "";
  }
}
