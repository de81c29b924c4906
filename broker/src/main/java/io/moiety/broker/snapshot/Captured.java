package io.moiety.broker.snapshot;

import io.moiety.broker.store.Base;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of all stored views at one position, on its way to a file.
 *
 * @param base the base that was taken at that position
 */
record Captured(Base base, List<NamedSection> sections) {

  record NamedSection(String name, int version, Section section) {}

  /**
   * No older snapshot is on the disk any more, be it that this one is or that there is none: what
   * only those named is free. On the view thread.
   */
  void released() {
    sections.forEach(section -> section.section().durable());
  }

  /** In the turn, in the same task in which the base was taken. */
  static Captured of(Base base, List<? extends StoredView> views) {
    List<NamedSection> sections = new ArrayList<>();
    for (StoredView view : views) {
      sections.add(new NamedSection(view.sectionName(), view.sectionVersion(), view.capture()));
    }
    return new Captured(base, sections);
  }
}
