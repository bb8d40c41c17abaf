"""What a paragraph says: labels, text, targets, terminology, classifiers and the models that come shipped."""
