"""Networks as scikit-learn's estimators: `Classifier` and `Regressor`, with fit, predict and score.

They are imported when they are used for the first time: `import nn` does not need scikit-learn.
"""
