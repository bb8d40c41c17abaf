"""Fine-tuning the encoder: data, augmentation, network, training by the clock, release and checks."""
