"""Packages bought for somebody else."""
