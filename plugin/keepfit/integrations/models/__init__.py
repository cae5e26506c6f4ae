"""Trained models on disk: how one is loaded and asked, and the file that every shipped model is asked through."""
