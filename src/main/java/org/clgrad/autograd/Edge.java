package org.clgrad.autograd;

/** Where a gradient goes next: to one output of a node. */
public record Edge(Node node, int output) {}
