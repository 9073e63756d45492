"""Pages of regulations. They stand above the apps: who may open them is roster's, what they show is policy's."""
