"""Experts label answers blind, disagree, and settle what they disagree on."""
