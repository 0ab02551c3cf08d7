"""What flows: a pipe, a microphone's PCM, the sound card, a radio stream. Each yields blocks for one analyzer."""
